import { readModelFiles } from './read-network.ts';
import { artifactsOf, type GraphArtifacts } from './tfjs/artifacts.ts';

/**
 * A model.json and its shards, as TensorFlow.js takes them from memory.
 *
 * @throws {InputError} for what `readNetwork` refuses of them
 */
export async function readArtifacts(file: string): Promise<GraphArtifacts> {
  return artifactsOf(await readModelFiles(file));
}
