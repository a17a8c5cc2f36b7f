/**
 * Puts a file where the API said, telling how much of it has gone. (`fetch` cannot tell.)
 *
 * @throws {Error} with the server's own words where it refuses
 */
export function put(url: string, file: File, onProgress: (done: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    request.setRequestHeader('x-requested-with', 'espalier');
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(Math.min(loaded, file.size)));
    request.addEventListener('error', () =>
      reject(new Error('The connection broke. Nothing was kept; try again.')),
    );
    request.addEventListener('load', () => {
      if (request.status < 300) return resolve();
      reject(
        new Error(messageOf(request.responseText) ?? `The server refused the file (${request.status}).`),
      );
    });
    request.send(file);
  });
}

function messageOf(body: string): string | undefined {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    return typeof error === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}
