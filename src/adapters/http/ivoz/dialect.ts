import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Api, Dialect, Routes } from '../api.js';
import { companyOf } from '../company.js';
import { refuse } from '../problem.js';
import { line } from '../schema.js';
import { brandCodes, companyCodes } from './code-book.js';
import { addCodeRoutes } from './code-routes.js';
import { addGroupRoutes } from './group-routes.js';
import { addRelationRoutes } from './relation-routes.js';
import { pathOf, type Scope } from './scope.js';
import { addServiceRoutes } from './service-routes.js';
import { addUserRoutes } from './user-routes.js';

const errorSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  detail: Type.String(),
  violations: Type.Optional(Type.Array(Type.Object({ propertyPath: Type.String(), message: Type.String() }))),
  requestId: Type.Optional(Type.String()),
});

/** IvozProvider's client and brand APIs, as far as they are about picking up. */
export const ivoz: Dialect = {
  name: 'IvozProvider',
  description: 'Pickup groups and their users, and service codes of brands and companies',
  prefix: '/ivoz',
  errorSchema,
  errorType: 'application/problem+json',
  errorAnswer: ({ message, faults, requestId }) => ({
    body: {
      type: 'https://tools.ietf.org/html/rfc2616#section-10',
      title: 'An error occurred',
      detail: message,
      ...(faults.length > 0 && {
        violations: faults.map(({ field, reason }) => ({ propertyPath: field, message: reason })),
      }),
      ...(requestId !== undefined && { requestId }),
    },
  }),
  routes: (api) => async (app) => {
    addCompanyRoutes(app, { api, base: '', namesCompany: false });
    addCompanyRoutes(app, { api, base: '/companies/:company', namesCompany: true });
    addBrandRoutes(app, api);
  },
};

const addCompanyRoutes = (app: Routes, scope: Scope): void => {
  addGroupRoutes(app, scope);
  addRelationRoutes(app, scope);
  addUserRoutes(app, scope);
  addServiceRoutes(app, scope);
  addCodeRoutes(app, {
    path: `${scope.base}/company_services`,
    params: pathOf(scope, {}).properties,
    rights: { read: 'read', write: 'change-settings' },
    whose: 'the company',
    bookOf: (request) => {
      const { company } = request.params as { company?: string };
      return companyCodes(scope.api, companyOf(scope.api, request, company));
    },
  });
};

const addBrandRoutes = (app: Routes, api: Api): void => {
  const rights = { read: 'change-brand', write: 'change-brand' } as const;
  const bookOf = (request: FastifyRequest) => brandCodes(api, brandOf(request));
  addCodeRoutes(app, { path: '/brand_services', params: {}, rights, whose: 'the brand', bookOf });
  const params = { brand: line(80, 1) };
  addCodeRoutes(app, { path: '/brands/:brand/brand_services', params, rights, whose: 'the brand', bookOf });
};

/** The brand of a request: the token's, or for ADMIN the one that the path names. */
const brandOf = ({ token, params }: FastifyRequest): string => {
  const { brand: named = token.brand } = params as { brand?: string };
  if (named === undefined) throw refuse(403, 'this token belongs to no single brand: name it in the path');
  if (token.role !== 'ADMIN' && token.brand !== named) throw refuse(404, 'there is no such brand');
  return named;
};
