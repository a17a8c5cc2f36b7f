/** What a browser does with cookies and redirects, and where it says that requests come from. */
export class Browser {
  readonly address: string;
  readonly cookies = new Map<string, string>();

  constructor(address: string) {
    this.address = address;
  }

  /** A request of a page of this address, unless the headers tell otherwise. */
  async fetch(where: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(new URL(where, this.address), {
      ...init,
      redirect: 'manual',
      headers: {
        ...(init.method && init.method !== 'GET' ? { origin: this.address } : {}),
        ...(this.cookies.size > 0 ? { cookie: this.cookieHeader() } : {}),
        ...(init.headers as Record<string, string>),
      },
    });
    for (const cookie of response.headers.getSetCookie()) this.keep(cookie);
    return response;
  }

  /** Opens an address as a person does, and returns where that ends. */
  async follow(where: string): Promise<Response> {
    const response = await this.fetch(where);
    const next = response.headers.get('location');
    return response.status >= 300 && response.status < 400 && next && next !== '/'
      ? this.follow(next)
      : response;
  }

  post(where: string, body: object = {}, headers: Record<string, string> = {}): Promise<Response> {
    return this.fetch(where, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests look at keys of a contract, one by one
  async ask(query: string, variables: object = {}): Promise<any> {
    return (await this.post('/graphql', { query, variables })).json();
  }

  cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split('; ');
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    if (attributes.some((attribute) => /^max-age=0$/i.test(attribute))) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
