'use client';

import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { list } from '#src/lists/address.ts';
import { Menu, MenuItem } from '#src/ui/menu.tsx';
import type { Named } from '#src/ui/named.ts';

/** Lists that show one project alone where their address says so. */
const LISTS = ['/experiments', '/models'];

/** Leads to what one project has: on a list of experiments or models to the same list, from anywhere else to experiments. */
export function ProjectMenu({ projects }: { projects: readonly Named[] }) {
  const router = useRouter();
  const path = usePathname();
  const params = useSearchParams();
  const isList = LISTS.includes(path);
  const chosen = isList ? list(Object.fromEntries(params), 'projects') : [];
  const current = chosen.length === 1 ? projects.find(({ id }) => id === chosen[0]) : undefined;
  const go = (id: string | null) => {
    const address = new URLSearchParams(isList ? params : {});
    address.delete('after');
    if (id === null) address.delete('projects');
    else address.set('projects', id);
    router.push(`${isList ? path : LISTS[0]}?${address}`);
  };
  return (
    <Menu label={current?.name ?? 'All projects'}>
      <MenuItem onSelect={() => go(null)}>All projects</MenuItem>
      {projects.map(({ id, name }) => (
        <MenuItem key={id} onSelect={() => go(id)}>
          {name}
        </MenuItem>
      ))}
    </Menu>
  );
}
