import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { samplingPlan } from '@espalier/pruning';

export type Values = Readonly<
  Record<string, { readonly dims: readonly number[]; readonly data: ArrayLike<number> }>
>;

/** As the API answers it, and as the Python client keeps it. */
export function shown({ groups, criterion, grid, tensors }: Awaited<ReturnType<typeof samplingPlan>>) {
  const withCells = groups.map(({ id, removed, ...group }) => {
    const cells = grid.map((ratio, k) => {
      const gone = removed[k] ?? 0;
      const units = group.order.slice(group.width - gone).sort((a, b) => a - b);
      return { ratio, removed: gone, units };
    });
    return { name: id, ...group, cells };
  });
  return { model: 'model', criterion, grid, seed: 0, allowInexact: false, groups: withCells, tensors };
}

/** float32, one after the other, and a list of what they are. */
export async function writeValues(folder: string, values: Values): Promise<void> {
  const list = Object.entries(values).map(([name, { dims }]) => ({ name, dims }));
  const parts = Object.values(values).map(({ data }) => Buffer.from(Float32Array.from(data, Number).buffer));
  await writeFile(path.join(folder, 'values.json'), JSON.stringify(list));
  await writeFile(path.join(folder, 'values.f32'), Buffer.concat(parts));
}
