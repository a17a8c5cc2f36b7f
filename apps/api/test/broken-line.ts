import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface BrokenLine {
  /** Of the near end. */
  readonly address: string;
  /** What was sent over each connection that was made, in their order. */
  readonly sent: string[];
  /** Breaks all connections at once. */
  cut(): void;
  /** Breaks the one over which bytes come next, with half of them through. */
  cutNext(): void;
}

/** A line to an address that can be cut: a TCP proxy. */
export async function brokenLine(to: string): Promise<BrokenLine> {
  const { hostname, port } = new URL(to);
  const open = new Set<Socket>();
  const sent: string[] = [];
  let halves = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const place = sent.push('') - 1;
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    near.on('data', (bytes) => {
      sent[place] = `${sent[place]}${bytes}`;
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (!halves) return void near.write(bytes);
      halves = false;
      near.write(bytes.subarray(0, bytes.length >> 1), () => near.resetAndDestroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  const cutNext = () => {
    halves = true;
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  const { port: nearPort } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${nearPort}`, sent, cut, cutNext };
}
