import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

/** 6x6 pictures, `perClass` for each of `classes` classes, noise that differs from one to the other. */
export async function pictureFolder(root: string, classes: number, perClass: number): Promise<string> {
  for (let c = 0; c < classes; c++) {
    await mkdir(path.join(root, `class-${c}`), { recursive: true });
    for (let i = 0; i < perClass; i++) {
      await writeFile(path.join(root, `class-${c}`, `${i}.png`), noisePng(6, c * perClass + i));
    }
  }
  return root;
}

/** Signature, header, one compressed block, end. */
function noisePng(side: number, seed: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2], 8);
  const rows = Array.from({ length: side }, (_, y) =>
    Buffer.from([
      0,
      ...Array.from({ length: side * 3 }, (_, x) =>
        Math.floor(128 + 120 * Math.sin(seed * 12.9898 + y * 78.233 + x * 37.719)),
      ),
    ]),
  );
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
