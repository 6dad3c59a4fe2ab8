package desk;

/** There when the others were compiled; the tests take its class file away. */
class Gone {}
