import type { Metadata } from 'next';
import { wordOf } from '#src/graphql/enum-words.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { ApiKeys } from '#src/team/api-keys.tsx';
import { AuditLog } from '#src/team/audit-log.tsx';
import { Invitations } from '#src/team/invitations.tsx';
import { Members } from '#src/team/members.tsx';
import { storageWords } from '#src/team/storage.ts';
import { teamPage } from '#src/team/team-query.ts';
import { ButtonLink } from '#src/ui/button.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Section } from '#src/ui/section.tsx';

export const metadata: Metadata = { title: 'Team' };

const whoAsks = graphql(`
  query WhoAsks {
    viewer { viewerCanManage role team { name usage { bytes bytesUnderWay bytesLimit } } }
  }
`);

export default async function TeamPage() {
  const { viewer } = await query(whoAsks, {});
  const manages = viewer.viewerCanManage;
  const { members, apiKeys, projects, invitations, auditLog } = await query(teamPage, { manages });
  return (
    <>
      <PageHeader
        title={viewer.team?.name ?? 'Team'}
        facts={viewer.role && `you are ${wordOf(viewer.role)} here`}
        actions={<ButtonLink href="/trash">Trash</ButtonLink>}
      />
      <div className="grid gap-8">
        <Section title="Members">
          <Members members={members.nodes} canManage={manages} />
        </Section>
        {invitations && (
          <Section title="Invitations">
            <Invitations invitations={invitations.nodes} />
          </Section>
        )}
        <Section title="API keys" aside={manages ? "all of the team's" : 'yours'}>
          <ApiKeys keys={apiKeys.nodes} role={viewer.role ?? 'VIEWER'} projects={projects.nodes} />
        </Section>
        {viewer.team?.usage && (
          <Section title="Storage">
            <p>{storageWords(viewer.team.usage)}</p>
          </Section>
        )}
        {auditLog && (
          <Section title="Audit log" aside="the latest 50">
            <AuditLog entries={auditLog.nodes} />
          </Section>
        )}
      </div>
    </>
  );
}
