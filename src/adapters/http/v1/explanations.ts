import { type Static, Type } from 'typebox';
import { explain } from '../../../domain/explain.js';
import type { GroupId } from '../../../domain/group.js';
import type { Extension } from '../../../domain/names.js';
import type { Tenant } from '../../../domain/office.js';
import { type Ask, acts } from '../../../domain/rules/rule.js';
import type { TokenGrant } from '../../../domain/token.js';
import type { Api, Routes } from '../api.js';
import { companyOf } from '../company.js';
import { badField, refuse, thrown } from '../problem.js';
import { closed } from '../schema.js';
import { ExtensionForm, GroupForm } from './forms.js';
import { GrantJson } from './grant-json.js';
import { groupNamed } from './group-named.js';

const Question = closed({
  picker: Type.Optional(ExtensionForm),
  act: Type.Enum([...acts]),
  target: Type.Optional(ExtensionForm),
  group: Type.Optional(GroupForm),
  by: Type.Optional(Type.Enum(['number', 'group'], { default: 'number' })),
});

const Answer = Type.Object({
  allowed: Type.Boolean(),
  grant: Type.Optional(GrantJson),
  refusal: Type.Optional(Type.String()),
  reason: Type.String(),
  missing: Type.Array(Type.Object({ model: Type.String(), why: Type.String(), remedy: Type.String() })),
});

const pickerOf = (token: TokenGrant, asked: string | undefined): Extension => {
  const picker = (asked ?? token.extension) as Extension | undefined;
  if (picker === undefined) throw thrown(badField('picker', 'is missing: this token has no extension of its own'));
  if (token.role !== 'PERSONAL' || picker === token.extension) return picker;
  throw refuse(403, 'this token may ask for its own extension only', {
    faults: [{ field: 'picker', reason: "is not this token's" }],
  });
};

const targetOf = (tenant: Tenant, { target, group }: Static<typeof Question>): Ask['target'] => {
  if (target !== undefined && group !== undefined) throw thrown(badField('group', 'cannot stand beside target'));
  if (target !== undefined) return { kind: 'extension', number: target as Extension };
  if (group === undefined) throw thrown(badField('target', 'is missing: target or group is needed'));
  // A group that nobody knows by this name is asked for all the same: the explanation says so.
  return { kind: 'group', id: groupNamed(tenant, group) ?? (group as GroupId) };
};

/** Would this be allowed; by which rule; if not, what is missing. */
export const addExplanations = (app: Routes, api: Api): void => {
  app.post(
    '/explain',
    {
      config: { right: 'read' },
      schema: {
        summary: 'Would this be allowed; by which rule; if not, what is missing',
        body: Question,
        response: { 200: Answer },
      },
    },
    async (request) => {
      const tenant = companyOf(api, request);
      const { picker, act, by = 'number' } = request.body;
      const target = targetOf(tenant, request.body);
      const { missing, ...explained } = explain({ tenant, picker: pickerOf(request.token, picker), act, target, by });
      return { ...explained, missing: [...missing] };
    },
  );
};
