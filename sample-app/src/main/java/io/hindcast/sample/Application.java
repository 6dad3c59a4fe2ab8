package io.hindcast.sample;

/**
 * What an applicant tells us: the nine inputs of the model.
 *
 * @param salary a year
 * @param commission a year, on top of the salary
 * @param elevel level of education, 0 to 4
 * @param car make, a code from 0 to 19
 * @param zipcode region, a code from 0 to 8
 * @param hvalue value of the house
 * @param hyears years in the house
 * @param loan amount asked for
 */
record Application(
    double salary,
    double commission,
    int age,
    int elevel,
    int car,
    int zipcode,
    double hvalue,
    int hyears,
    double loan) {}
