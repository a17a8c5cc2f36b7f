import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { type ArtifactStore, isSha256, receive, sweepOld } from './artifact-store.ts';

export interface S3Options {
  readonly bucket: string;
  /** Before every key, without a slash at its end. */
  readonly prefix?: string | undefined;
  /** Of a server other than Amazon's: http://host:port */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  /** Default: as the AWS SDK finds them. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

const INCOMING = path.join(tmpdir(), 'espalier-incoming');

/** Artifacts as objects of a bucket of anything that speaks S3. */
export function s3Artifacts({ bucket, prefix, endpoint, region, credentials }: S3Options): ArtifactStore {
  const client = new S3Client({
    region: region ?? 'us-east-1',
    // Other servers know neither virtual hosts nor the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...(credentials ? { credentials } : {}),
  });
  const at = (sha256: string) => {
    if (!isSha256(sha256)) throw new Error(`"${sha256}" is not a sha256`);
    const key = `${sha256.slice(0, 2)}/${sha256.slice(2)}`;
    return { Bucket: bucket, Key: prefix ? `${prefix}/${key}` : key };
  };
  const size = async (sha256: string) => {
    const found = await present(client.send(new HeadObjectCommand(at(sha256))));
    return found?.ContentLength ?? null;
  };
  return {
    put: (bytes, options = {}) =>
      // The key is known when all bytes are: they wait in a file.
      receive(bytes, INCOMING, options, async (file, stored) => {
        if ((await size(stored.sha256)) === stored.bytes) return;
        const body = createReadStream(file);
        await client.send(
          new PutObjectCommand({ ...at(stored.sha256), Body: body, ContentLength: stored.bytes }),
        );
      }),
    async get(sha256, range) {
      const Range = range && `bytes=${range.first}-${range.last}`;
      const found = await present(
        client.send(new GetObjectCommand({ ...at(sha256), ...(Range ? { Range } : {}) })),
      );
      return (found?.Body as Readable | undefined) ?? null;
    },
    size,
    sweep: () => sweepOld(INCOMING),
    async remove(sha256) {
      await client.send(new DeleteObjectCommand(at(sha256)));
    },
  };
}

/** null if the server says that there is no such object. */
async function present<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return null;
    throw error;
  }
}
