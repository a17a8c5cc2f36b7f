import type { BrowserContext, Page } from 'playwright-core';

export interface Loaded {
  /** Bytes as transferred, both. */
  readonly script: number;
  readonly document: number;
}

const IDLE_MS = 10_000;

/** What the first load of a page transfers, with nothing in the cache. */
export async function loaded(context: BrowserContext, address: string): Promise<Loaded> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const types = new Map<string, string>();
  const bytes = new Map<string, number>();
  session.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    bytes.set(requestId, encodedDataLength);
  });
  await page.goto(address);
  // A page that follows what is at work is never idle.
  await page.waitForLoadState('networkidle', { timeout: IDLE_MS }).catch(() => {});
  const size = { script: 0, document: 0 };
  for (const [id, type] of types) {
    const transferred = bytes.get(id) ?? 0;
    if (type === 'Document') size.document += transferred;
    if (type === 'Script') size.script += transferred;
  }
  await page.close();
  return size;
}

/** When the largest thing of a page was painted, and how long the page was busy at most at a time; ms. */
export async function paintOf(page: Page, address: string): Promise<{ paint: number; longestTask: number }> {
  await page.goto(address, { waitUntil: 'load' });
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        let [paint, longestTask] = [0, 0];
        // biome-ignore lint/suspicious/noExplicitAny: the browser's own, which knows more than Node's
        const { PerformanceObserver: Observer } = globalThis as any;
        type List = { getEntries(): { startTime: number; duration: number }[] };
        new Observer((list: List) => {
          for (const { startTime } of list.getEntries()) paint = startTime;
        }).observe({ type: 'largest-contentful-paint', buffered: true });
        new Observer((list: List) => {
          for (const { duration } of list.getEntries()) longestTask = Math.max(longestTask, duration);
        }).observe({ type: 'longtask', buffered: true });
        setTimeout(() => resolve({ paint, longestTask }), 700);
      }),
  );
}
