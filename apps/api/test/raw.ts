import { connect, type Socket } from 'node:net';

/** What a raw connection was answered, and when it was closed. */
export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly ms: number;
}

/** Sends bytes as they are, with `Host` and `Connection` as wanted, and reads until the other side closes. */
export function raw(
  address: string,
  head: readonly string[],
  { body, giveUpMs = 15_000 }: { body?: (socket: Socket) => void; giveUpMs?: number } = {},
): Promise<Answered> {
  const { hostname, port, host } = new URL(address);
  const lines = head.some((line) => /^host:/i.test(line))
    ? head
    : [head[0] ?? '', `Host: ${host}`, ...head.slice(1)];
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const socket = connect(Number(port), hostname);
    let text = '';
    const timer = setTimeout(() => socket.destroy(new Error(`nothing ended it; so far: ${text}`)), giveUpMs);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Whoever goes on sending to somebody who has closed is told so.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => {
      clearTimeout(timer);
      const status = Number(/^HTTP\/1\.1 (?!100)(\d{3})/m.exec(text)?.[1] ?? 0);
      resolve({ status, text, ms: performance.now() - began });
    });
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    body?.(socket);
  });
}

/** A body in chunks that goes on until the other side has enough. */
export function endless(socket: Socket): void {
  const piece = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  const more = () => {
    while (!socket.destroyed && socket.write(piece)) {}
    socket.once('drain', more);
  };
  more();
}
