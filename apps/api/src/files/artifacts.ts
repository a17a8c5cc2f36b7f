import { fileTypeOf } from '@espalier/formats';
import { PROFILE_MEDIA_TYPE } from '@espalier/runs';

export const PACKED_MEDIA_TYPE = 'application/x-espalier-data';

/** How a file is called that is downloaded; what is not here is a network. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': '.png',
  [PACKED_MEDIA_TYPE]: '.espalier-data',
  [PROFILE_MEDIA_TYPE]: '.json',
};

export function isShown(mediaType: string): boolean {
  return mediaType === 'image/png';
}

/**
 * What a browser is told of an artifact. Only our own pictures are shown; all else is saved, under the `name` that
 * was asked for (`?name=`), as far as it is safe in a header and in a file system.
 */
export function fileHeaders(sha256: string, mediaType: string, wanted?: string): Record<string, string> {
  const shown = isShown(mediaType);
  const base = wanted?.replaceAll(/[^\w.-]+/g, '-').slice(0, 100) || sha256.slice(0, 12);
  const name = `${base}${EXTENSIONS[mediaType] ?? fileTypeOf(mediaType).extension}`;
  return {
    'Content-Type': shown ? mediaType : 'application/octet-stream',
    'Content-Disposition': `${shown ? 'inline' : 'attachment'}; filename="${name}"`,
  };
}
