/** The database does not answer, is busy for too long, or has no room left: nothing is wrong with what was asked, and asking later may do. */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable"
}
