'use client';

import { wordOf } from '#src/graphql/enum-words.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import type { PublicLink } from '#src/team/team-query.ts';
import { Button } from '#src/ui/button.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import { Time } from '#src/ui/time.tsx';

const revokeLink = graphql(`
  mutation RevokePublicLink($id: ID!) { revokePublicLink(input: { id: $id }) { ok errors { message } } }
`);

const PAGES = { RUN: '/runs', EXPERIMENT: '/experiments' } as const;

/** What anybody reads who has a link, until it is revoked or over. */
export function PublicLinks({ links, canEdit }: { links: readonly PublicLink[]; canEdit: boolean }) {
  const action = useAction();
  return (
    <div className="grid gap-2">
      {action.error && <Notice kind="error">{action.error}</Notice>}
      <DataTable
        caption="Public links"
        rows={links}
        keyOf={({ id }) => id}
        columns={[
          { name: 'Report', className: 'font-medium', cell: (link) => <Subject link={link} /> },
          { name: 'Of', from: 'md', className: 'text-ink-soft', cell: ({ kind }) => wordOf(kind) },
          {
            name: 'By',
            from: 'md',
            className: 'text-ink-soft',
            cell: ({ createdBy }) => createdBy?.name ?? '–',
          },
          { name: 'Since', time: ({ createdAt }) => createdAt, from: 'md' },
          {
            name: 'Expires',
            right: true,
            className: 'text-ink-soft',
            cell: ({ expiresAt }) => (expiresAt ? <Time at={expiresAt} /> : 'never'),
          },
          canEdit && {
            name: 'Link',
            right: true,
            cell: ({ id, title }) => (
              <Button
                look="quiet"
                disabled={action.pending}
                aria-label={`Revoke the link to ${title}`}
                onClick={() => action.mutate(revokeLink, { id })}
              >
                Revoke
              </Button>
            ),
          },
        ]}
      />
    </div>
  );
}

function Subject({ link: { kind, title, subject } }: { link: PublicLink }) {
  if (kind === 'COMPARISON' || !subject) return title;
  return <TextLink href={`${PAGES[kind]}/${subject.id}`}>{title}</TextLink>;
}
