export { type Machine, machineHere } from './conditions.ts';
export {
  checkProfile,
  type Elsewhere,
  elsewhere,
  identityOf,
  type ProfileIdentity,
} from './identity.ts';
export { removeJournal } from './journal.ts';
export { type Cursor, latencyModel } from './latency-model.ts';
export { profileDevice } from './measure-profile.ts';
export { predictMs } from './predict.ts';
export { type DeviceProfile, profileSchema, profileText, readProfile, writeProfile } from './profile.ts';
export { type Stair, stairsOf } from './stairs.ts';
export { usualAlignment } from './structures.ts';
