import type { Benchmark } from '@espalier/benchmark';
import type { Database, Model } from '@espalier/store';
import { FieldError } from '../errors.ts';

/** A profile of the team, and of what network on which device it is. */
interface ProfileOn {
  readonly id: string;
  readonly networkHash: string;
  readonly device: { readonly name: string };
}

type Timed = Pick<Benchmark['sections'][number], 'title' | 'device' | 'targets'>;

/** The team's profiles, the newest first; none where no section asks for a time. */
export async function profilesFor(
  { prisma }: Pick<Database, 'prisma'>,
  teamId: string,
  sections: readonly Timed[],
): Promise<ProfileOn[]> {
  if (!sections.some((section) => section.device !== null || isTimed(section))) return [];
  return prisma.deviceProfile.findMany({
    where: { teamId, deletedAt: null, device: { deletedAt: null } },
    select: { id: true, networkHash: true, device: { select: { name: true } } },
    orderBy: [{ measuredAt: 'desc' }, { id: 'desc' }],
  });
}

/**
 * The newest profile of a model on the device that a section names.
 *
 * @returns null for a section that names none, and has no target of a time
 * @throws {FieldError} in one line, with what to do
 */
export function profileOfSection(
  section: Timed,
  { name, networkHash }: Pick<Model, 'name' | 'networkHash'>,
  profiles: readonly ProfileOn[],
): string | null {
  const refused = (message: string) => new FieldError(`section "${section.title}": ${message}`, 'sections');
  const names = [...new Set(profiles.map(({ device }) => device.name))];
  const known = names.length > 0 ? `; devices of the team: ${names.join(', ')}` : '';
  const wanted = section.device?.toLowerCase();
  if (wanted === undefined) {
    if (!isTimed(section)) return null;
    throw refused(
      `latency targets need a device profile: name its device in the section ("device": "NAME")${known}`,
    );
  }
  const own = profiles.filter(({ device }) => device.name.toLowerCase() === wanted);
  if (own.length === 0) throw refused(`the team has no device "${section.device}" with a profile${known}`);
  const found = own.find((profile) => profile.networkHash === networkHash);
  if (found) return found.id;
  throw refused(
    `the device "${section.device}" has no profile of "${name}": make one on it (espalier profile MODEL --out device.json --upload)`,
  );
}

function isTimed({ targets }: Pick<Timed, 'targets'>): boolean {
  return targets.some(({ metric }) => metric === 'latency');
}
