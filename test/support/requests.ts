/** An answer, read to its end. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

/** One request: `PUT /client/acme/call_control_group/`. A text is sent as it is, anything else as JSON. */
export type Asks = (line: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answered>;

/** Requests of one program to a service. */
export const asksWith =
  (http: string, authorization: string): Asks =>
  async (line, body, headers = {}) => {
    const [method = 'GET', path = '/'] = line.split(' ');
    const answer = await fetch(`${http}${path}`, {
      method,
      headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /\bjson\b/.test(answer.headers.get('content-type') ?? '') && text !== '';
    return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : undefined };
  };
