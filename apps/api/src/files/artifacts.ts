export const PACKED_MEDIA_TYPE = 'application/x-espalier-data';

/** How a file is called that is downloaded; what is not here is a network. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  [PACKED_MEDIA_TYPE]: 'espalier-data',
};

/** What a browser is told of an artifact. Only our own pictures are shown; all else is saved. */
export function fileHeaders(sha256: string, mediaType: string): Record<string, string> {
  const shown = mediaType === 'image/png';
  const name = `${sha256.slice(0, 12)}.${EXTENSIONS[mediaType] ?? 'onnx'}`;
  return {
    'Content-Type': shown ? mediaType : 'application/octet-stream',
    'Content-Disposition': `${shown ? 'inline' : 'attachment'}; filename="${name}"`,
  };
}
