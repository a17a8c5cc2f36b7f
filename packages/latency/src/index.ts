export { conditionsOf, type Machine, machineHere } from './conditions.ts';
export {
  checkProfile,
  differencesFrom,
  type Elsewhere,
  elsewhere,
  identityOf,
  type Made,
  type ProfileIdentity,
  type Use,
} from './identity.ts';
export { removeJournal } from './journal.ts';
export { type Cursor, latencyModel } from './latency-model.ts';
export { profileDevice } from './measure-profile.ts';
export {
  checkMeasurements,
  type Measurement,
  type Measurements,
  readMeasurements,
  writeMeasurements,
} from './measurements.ts';
export { predictMs } from './predict.ts';
export { processorName } from './processor.ts';
export { type DeviceProfile, profileSchema, profileText, readProfile, writeProfile } from './profile.ts';
export { type Stair, stairsOf } from './stairs.ts';
export { usualAlignment } from './structures.ts';
