import type { FastifyInstance } from 'fastify';

/** Which methods a path takes. */
export interface MethodBook {
  of(path: string): string[];
}

/** Notes every route that is added from now on, so that a wrong method can be told from a wrong path (RFC 9110 15.5.6). */
export const noteMethods = (app: FastifyInstance): MethodBook => {
  const routes = new Map<string, { form: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { form: formOf(url), methods: new Set() };
    for (const each of [method].flat()) route.methods.add(each);
    routes.set(url, route);
  });
  return {
    of: (path) => {
      const fitting = [...routes.values()].filter(({ form }) => form.test(path));
      return [...new Set(fitting.flatMap(({ methods }) => [...methods]))].sort();
    },
  };
};

/** `/a/:id/b` as what its paths look like; a part between slashes is never empty. */
const formOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .split('/')
      .map((part) =>
        part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
      )
      .join('/')}$`,
  );
