/** Why a network cannot be written into the file that it came from. */
export class CannotPatch extends Error {}
