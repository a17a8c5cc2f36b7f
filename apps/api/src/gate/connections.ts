import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { lingering } from './refuse.ts';
import { CONNECTIONS, type Times } from './routes.ts';

/** What waits is handed over in pieces of 64 kB: whoever takes less than one in so many times the pace's is slow. */
const PATIENCE = 4;

/**
 * Ends connections of which nothing comes: those without a request, and those whose reader takes nothing of an answer,
 * or next to nothing.
 * Of an address that has too many connections the one that has been without a request for longest gives way.
 */
export function limitConnections(server: Server, { headersMs, paceMs, paceBytes }: Times): void {
  server.headersTimeout = headersMs;
  // Each route has its own: an upload may take hours.
  server.requestTimeout = 0;
  server.maxConnections = CONNECTIONS.all;
  // In the order in which they were last of use.
  const ofAddress = new Map<string, Set<Socket>>();
  const requests = new Map<Socket, number>();

  server.on('connection', (socket: Socket) => {
    const address = network(socket.remoteAddress);
    const sockets = ofAddress.get(address) ?? new Set();
    ofAddress.set(address, sockets.add(socket));
    socket.once('close', () => {
      sockets.delete(socket);
      requests.delete(socket);
      if (sockets.size === 0) ofAddress.delete(address);
    });
    if (sockets.size <= CONNECTIONS.address) return;
    for (const one of sockets) {
      if (requests.has(one) && !lingering.has(one)) continue;
      one.destroy();
      sockets.delete(one);
      return;
    }
  });

  server.setTimeout(paceMs, (socket) => {
    // Whoever waits for an answer that is worked at is not slow.
    if (!requests.has(socket) || socket.writableLength > 0) socket.destroy();
  });

  const began = ({ socket }: IncomingMessage, response: ServerResponse) => {
    requests.set(socket, (requests.get(socket) ?? 0) + 1);
    const looking = setInterval(look(socket, PATIENCE * paceBytes), PATIENCE * paceMs);
    looking.unref();
    response.once('close', () => {
      clearInterval(looking);
      const left = (requests.get(socket) ?? 1) - 1;
      if (left > 0) return void requests.set(socket, left);
      requests.delete(socket);
      const sockets = ofAddress.get(network(socket.remoteAddress));
      if (sockets?.delete(socket)) sockets.add(socket);
    });
  };
  server.on('request', began).on('checkContinue', began);
}

/** Ends a connection that took fewer bytes since the last look, though so much waited both times that it is slow. */
function look(socket: Socket, bytes: number): () => void {
  let before: number | null = null;
  return () => {
    const { bytesWritten, writableLength, writableHighWaterMark } = socket;
    const taken = writableLength < writableHighWaterMark ? null : bytesWritten - writableLength;
    if (before !== null && taken !== null && taken - before < bytes) socket.destroy();
    before = taken;
  };
}

/** Who it is that an address belongs to: of IPv6 a customer has a network of 64 bits, at least. */
export function network(address = ''): string {
  const four = address.replace(/^::ffff:(?=[\d.]+$)/i, '');
  if (!four.includes(':')) return four;
  const [front = '', back] = four.split('::');
  const groups = front === '' ? [] : front.split(':');
  const behind = back === undefined || back === '' ? [] : back.split(':');
  while (back !== undefined && groups.length + behind.length < 8) groups.push('0');
  return [...groups, ...behind].slice(0, 4).join(':');
}
