import { expect, it } from 'vitest';
import { newSecret, signedHeaders } from './signature.ts';

/** The example of the Standard Webhooks' own libraries. */
it('signs as the Standard Webhooks do', () => {
  const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' };
  const headers = signedHeaders(
    message,
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    new Date(1614265330_000),
  );
  expect(headers).toEqual({
    'webhook-id': message.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

it('has a signature for each secret, with spaces between', () => {
  const [one, two] = [newSecret(), newSecret()];
  expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(one).not.toBe(two);
  const at = new Date();
  const of = (secrets: string[]) => signedHeaders({ id: 'a', body: '{}' }, secrets, at)['webhook-signature'];
  expect(of([one, two])).toBe(`${of([one])} ${of([two])}`);
});
