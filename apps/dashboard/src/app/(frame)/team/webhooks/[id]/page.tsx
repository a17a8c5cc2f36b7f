import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { one, type SearchParams } from '#src/lists/address.ts';
import { Notice } from '#src/ui/notice.tsx';
import { Fact, PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Section } from '#src/ui/section.tsx';
import { Time } from '#src/ui/time.tsx';
import { Deliveries } from '#src/webhooks/deliveries.tsx';
import { deliveryFields, eventName, webhookFields } from '#src/webhooks/events.ts';
import { WebhookActions } from '#src/webhooks/webhook-actions.tsx';
import { WebhookState } from '#src/webhooks/webhook-state.tsx';

export const metadata: Metadata = { title: 'Webhook' };

const whoManages = graphql(`query WhoManages { viewer { viewerCanManage } }`);

const webhookPage = graphql(
  `
  query WebhookPage($id: ID!, $after: String) {
    webhook(id: $id) {
      ...WebhookFields
      deliveries(first: 50, after: $after) {
        nodes { ...DeliveryFields }
        pageInfo { hasNextPage endCursor }
        totalCount
      }
    }
  }
`,
  [webhookFields, deliveryFields],
);

interface Props {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export default async function WebhookPage({ params, searchParams }: Props) {
  const [{ id }, search] = await Promise.all([params, searchParams]);
  const { viewer } = await query(whoManages, {});
  if (!viewer.viewerCanManage) notFound();
  const after = one(search, 'after') || null;
  const { webhook } = await query(webhookPage, { id, after });
  if (!webhook) notFound();
  const { url, events, active, offReason, failingSince, deliveries } = webhook;
  return (
    <>
      <PageHeader
        title={new URL(url).host}
        crumbs={[{ name: 'Team', href: '/team' }]}
        facts={
          <>
            <WebhookState webhook={webhook} />
            {failingSince && active && (
              <Fact name="failing since">
                <Time at={failingSince} />
              </Fact>
            )}
            <span>{events.map(eventName).join(', ')}</span>
            <span className="font-mono text-small break-all">{url}</span>
          </>
        }
      />
      {offReason && (
        <div className="mb-4">
          <Notice kind="error">{offReason}</Notice>
        </div>
      )}
      <WebhookActions id={id} active={active} />
      <Section
        title="Deliveries"
        aside={`${plural(deliveries.totalCount, 'delivery', 'deliveries')} of 30 days`}
      >
        <Deliveries deliveries={deliveries.nodes} active={active} />
        <Pager page={deliveries.pageInfo} path={`/team/webhooks/${id}`} after={after} />
      </Section>
    </>
  );
}
