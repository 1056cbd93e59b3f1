/**
 * Text as the XML builder escapes it faithfully. It takes an ampersand before letters and a semicolon (`&nbsp;`) for an
 * entity and leaves it as it is, so all are escaped before. Control characters become spaces: the builder sees to those
 * that XML does not know, and to halves of surrogate pairs, where {@link builderOptions} are given; those here XML would
 * let through, but a parser reads tabs and line ends as spaces in an attribute anyway.
 */
export const plain = (text: string): string => text.replace(otherControls, ' ').replaceAll('&', '&amp;');

const otherControls = /[\t\n\r\u007f-\u009f]/g;

/** How every document is built. */
export const builderOptions = { version: '1.0', encoding: 'UTF-8', invalidCharReplacement: ' ' } as const;
