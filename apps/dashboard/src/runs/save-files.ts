/** Browsers drop what is asked for faster. */
const BETWEEN_MS = 250;

/** Has the browser save files of the platform, one after the other. */
export async function saveFiles(urls: readonly string[]): Promise<void> {
  for (const [at, url] of urls.entries()) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    const link = document.createElement('a');
    link.href = url;
    link.download = '';
    document.body.append(link);
    link.click();
    link.remove();
  }
}
