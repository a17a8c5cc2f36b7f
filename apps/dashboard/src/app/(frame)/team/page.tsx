import type { Metadata } from 'next';
import { plural } from '#src/format/numbers.ts';
import { wordOf } from '#src/graphql/enum-words.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import type { SearchParams } from '#src/lists/address.ts';
import { everyProject } from '#src/lists/choices.ts';
import { PublicLinks } from '#src/public/public-links.tsx';
import { ApiKeys } from '#src/team/api-keys.tsx';
import { AuditLog } from '#src/team/audit-log.tsx';
import { Invitations } from '#src/team/invitations.tsx';
import { Members } from '#src/team/members.tsx';
import { auditFilter, readTeamPages } from '#src/team/pages.ts';
import { storageWords } from '#src/team/storage.ts';
import { TeamPager } from '#src/team/team-pager.tsx';
import { teamPage } from '#src/team/team-query.ts';
import { ButtonLink } from '#src/ui/button.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Section } from '#src/ui/section.tsx';
import { Webhooks } from '#src/webhooks/webhooks.tsx';

export const metadata: Metadata = { title: 'Team' };

const whoAsks = graphql(`
  query WhoAsks {
    viewer { viewerCanManage viewerCanEdit role team { name usage { bytes bytesUnderWay bytesLimit } } }
  }
`);

export default async function TeamPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const pages = readTeamPages(await searchParams);
  const { viewer } = await query(whoAsks, {});
  const manages = viewer.viewerCanManage;
  const page = await query(teamPage, {
    manages,
    members: pages.members || null,
    invitations: pages.invitations || null,
    keys: pages.keys || null,
    links: pages.links || null,
    audit: pages.audit || null,
    did: auditFilter(pages),
  });
  const { members, apiKeys, invitations, publicLinks, webhooks, auditLog } = page;
  const projects = await everyProject(page.projects);
  return (
    <>
      <PageHeader
        title={viewer.team?.name ?? 'Team'}
        facts={viewer.role && `you are ${wordOf(viewer.role)} here`}
        actions={<ButtonLink href="/trash">Trash</ButtonLink>}
      />
      <div className="grid gap-8">
        <Section title="Members" aside={plural(members.totalCount, 'member')}>
          <Members members={members.nodes} canManage={manages} />
          <TeamPager list="members" pages={pages} page={members.pageInfo} />
        </Section>
        {invitations && (
          <Section title="Invitations" aside={`${plural(invitations.totalCount, 'invitation')} open`}>
            <Invitations invitations={invitations.nodes} />
            <TeamPager list="invitations" pages={pages} page={invitations.pageInfo} />
          </Section>
        )}
        <Section
          title="API keys"
          aside={`${plural(apiKeys.totalCount, 'key')}, ${manages ? "all of the team's" : 'yours'}`}
        >
          <ApiKeys keys={apiKeys.nodes} role={viewer.role ?? 'VIEWER'} projects={projects} />
          <TeamPager list="keys" pages={pages} page={apiKeys.pageInfo} />
        </Section>
        {publicLinks.totalCount > 0 && (
          <Section title="Public links" aside={plural(publicLinks.totalCount, 'link')}>
            <PublicLinks links={publicLinks.nodes} canEdit={viewer.viewerCanEdit} />
            <TeamPager list="links" pages={pages} page={publicLinks.pageInfo} />
          </Section>
        )}
        {webhooks && (
          <Section title="Webhooks" aside={plural(webhooks.totalCount, 'webhook')}>
            <Webhooks webhooks={webhooks.nodes} />
          </Section>
        )}
        {viewer.team?.usage && (
          <Section title="Storage">
            <p>{storageWords(viewer.team.usage)}</p>
          </Section>
        )}
        {auditLog && (
          <Section
            title="Audit log"
            aside={`${plural(auditLog.totalCount, 'entry', 'entries')}, the latest first`}
          >
            <AuditLog
              entries={auditLog.nodes}
              people={members.nodes.map(({ user: { id, name } }) => ({ id, name }))}
              pages={pages}
            />
            <TeamPager list="audit" pages={pages} page={auditLog.pageInfo} />
          </Section>
        )}
      </div>
    </>
  );
}
