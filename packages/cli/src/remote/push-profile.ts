import { type Client, graphql, type ResultOf } from '@espalier/client';
import type { Context } from '../terminal.ts';
import { upload } from './upload.ts';

const registerProfile = graphql(`
  mutation RegisterDeviceProfile($input: RegisterDeviceProfileInput!) {
    payload: registerDeviceProfile(input: $input) {
      ok errors { message path }
      made: deviceProfile { id sha256 networkName networkHash engine engineVersion threads batch errorMedian errorWorst
        measuredAt device { id name } }
    }
  }
`);

export type PushedProfile = ResultOf<typeof registerProfile>['payload']['made'] & object;

/** Brings a profile to a platform; one that is there already is answered as it is. */
export async function pushProfile(
  client: Client,
  file: string,
  deviceName: string | null,
  context: Context,
): Promise<PushedProfile> {
  const uploadId = await upload(client, file, context);
  return (await client.change(registerProfile, { uploadId, deviceName })).made;
}

export function pushedText({ id, networkName, device }: PushedProfile): string {
  return `${id}  ${networkName} on ${device.name}`;
}
