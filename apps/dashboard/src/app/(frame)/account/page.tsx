import type { Metadata } from 'next';
import { AccountForm } from '#src/account/account-form.tsx';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { PageHeader } from '#src/ui/page-header.tsx';

export const metadata: Metadata = { title: 'Account' };

const accountPage = graphql(`
  query AccountPage {
    viewer { user { name email } viewerCanSetPassword }
  }
`);

export default async function AccountPage() {
  const { viewer } = await query(accountPage, {});
  return (
    <>
      <PageHeader title="Account" />
      <AccountForm {...viewer.user} needsCurrent={!viewer.viewerCanSetPassword} />
    </>
  );
}
