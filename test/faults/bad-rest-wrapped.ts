import type { Throw } from './bad-rest-spoil-run.js';

const wrapping = 'call_control_groups';

/** UIS's bad bodies once more in its two wrappings: as an object, and as JSON text in it. */
export const wrapped = (throws: readonly Throw[]): Throw[] =>
  throws
    .filter(({ what, sent, fields }) => what.startsWith('body ') && sent.body !== undefined && fields[0] !== '')
    .flatMap((each) => {
      const json = String(each.sent.body);
      const inside =
        each.fields[0] === 'body' ? [wrapping, 'body'] : each.fields.map((field) => `${wrapping}.${field}`);
      return [
        {
          ...each,
          what: `object ${each.what}`,
          fields: inside,
          sent: { ...each.sent, body: `{"${wrapping}":${json}}` },
        },
        {
          ...each,
          ...{ what: `text ${each.what}`, fields: [...inside, `${wrapping}.groups`] },
          sent: { ...each.sent, body: JSON.stringify({ [wrapping]: json }) },
        },
      ];
    });
