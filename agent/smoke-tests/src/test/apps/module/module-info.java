/** Requires nothing, exports nothing, opens nothing. */
module loans {}
