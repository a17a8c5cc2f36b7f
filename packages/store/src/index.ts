export { type ArtifactStore, isSha256, type StoredArtifact, sweepOld } from './artifacts/artifact-store.ts';
export { ArtifactCache } from './artifacts/cache.ts';
export { folderArtifacts } from './artifacts/folder.ts';
export {
  freeArtifacts,
  noted,
  PurgedMeanwhile,
  type Removed,
  registerArtifact,
  removeFreed,
  removeUnreferenced,
  tellPurged,
} from './artifacts/references.ts';
export { newScratch, sweepScratch } from './artifacts/scratch.ts';
export { keepTidy, sizeWords, tidyHome } from './artifacts/tidy.ts';
export { Listener } from './database/listener.ts';
export { checkSchema, holdSchema, migrate } from './database/migrations.ts';
export { type Database, openDatabase, type Transaction } from './database/open.ts';
export { waitForDatabase, waitForSchema } from './database/wait.ts';
export { artifactsOf, readEnvironment, storeRules, storeVariables } from './environment.ts';
export * from './generated/client.ts';
export { type IdPrefix, newId } from './ids.ts';
export { type EmbeddedPostgres, startEmbeddedPostgres } from './postgres/embedded.ts';
export { keepEmbeddedPostgres } from './postgres/keep-running.ts';
