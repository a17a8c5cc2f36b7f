import { type Client, graphql } from '@espalier/client';
import { InputError } from '@espalier/errors';

const profilesOnDevice = graphql(`
  query ProfilesOnDevice($model: ID!, $after: String) {
    model(id: $model) { name networkHash }
    page: deviceProfiles(first: 100, after: $after, order: { by: MEASURED }) {
      nodes { id networkHash device { name } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

/**
 * The newest profile of a model on a device of the team.
 *
 * @param device its name, or the id of a profile
 * @throws {InputError} if there is no such device, and where it has no profile of this model
 */
export async function profileOn(client: Client, device: string, modelId: string): Promise<string> {
  if (device.startsWith('profile_')) return device;
  const { model } = await client.ask(profilesOnDevice, { model: modelId });
  if (!model) throw new InputError(`there is no model ${modelId}`);
  const profiles = await client.all(profilesOnDevice, { model: modelId });
  const own = profiles.filter((each) => each.device.name.toLowerCase() === device.toLowerCase());
  if (own.length === 0) {
    const names = [...new Set(profiles.map((each) => each.device.name))];
    const known = names.length > 0 ? `, but ${names.join(', ')}` : '';
    throw new InputError(
      `the team has no device "${device}" with a profile${known}; espalier devices add uploads one`,
    );
  }
  const found = own.find(({ networkHash }) => networkHash === model.networkHash);
  if (found) return found.id;
  throw new InputError(
    `the device "${device}" has no profile of "${model.name}": make one on it (espalier profile MODEL --out device.json --upload)`,
  );
}
