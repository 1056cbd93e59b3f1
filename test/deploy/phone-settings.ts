import { SaxesParser } from 'saxes';

/** One setting of a phone, by the name that its maker gives it. */
export interface Setting {
  readonly name: string;
  readonly value: string;
}

type Reader = (text: string) => Setting[];

interface Open {
  readonly name: string;
  text: string;
  hasChildren: boolean;
}

/** Elements that hold a value, by their own name or by their `name`; values that stand in attributes, by the attribute's. */
const xml =
  (where: 'elements' | 'attributes'): Reader =>
  (text) => {
    const found: Setting[] = [];
    const open: Open[] = [];
    const parser = new SaxesParser();
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('opentag', ({ name, attributes }) => {
      const parent = open.at(-1);
      if (parent) parent.hasChildren = true;
      open.push({ name: attributes.name ?? name, text: '', hasChildren: false });
      if (where === 'attributes')
        for (const [key, value] of Object.entries(attributes)) found.push({ name: key, value });
    });
    parser.on('text', (piece) => {
      const element = open.at(-1);
      if (element) element.text += piece;
    });
    parser.on('closetag', () => {
      const element = open.pop();
      if (where === 'elements' && element && !element.hasChildren)
        found.push({ name: element.name, value: element.text });
    });
    parser.write(text).close();
    return found;
  };

/** `name = value`, one a line, with another sign between them; `#` begins a remark. */
const lines =
  (sign: string, name: RegExp): Reader =>
  (text) =>
    text
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('#'))
      .map((line) => {
        const at = line.indexOf(sign);
        const [key, value] = [line.slice(0, at).trim(), line.slice(at + sign.length).trim()];
        if (at < 0 || !name.test(key) || value === '') throw new Error(`this is no setting: ${line}`);
        return { name: key, value };
      });

/** An rc file with sections; a setting is named with its section, `proxy_0.reg_proxy`. */
const sections: Reader = (text) => {
  let section = '';
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      const head = /^\[([a-z0-9_]+)\]$/.exec(line)?.[1];
      if (head !== undefined) section = head;
      if (head !== undefined) return [];
      const [, key, value] = /^([a-z0-9_]+)=(.+)$/.exec(line) ?? [];
      if (section === '' || key === undefined || value === undefined) throw new Error(`this is no setting: ${line}`);
      return [{ name: `${section}.${key}`, value }];
    });
};

/** baresip's accounts: an address, then parameters. */
const accounts: Reader = (text) =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      const [, address, parameters] = /^(?:"[^"]*" )?<(sip:[^>]+)>((?:;[a-z_]+=[^;]+)*)$/.exec(line) ?? [];
      if (address === undefined || parameters === undefined) throw new Error(`this is no account: ${line}`);
      const own = parameters.split(';').filter(Boolean);
      return [
        { name: 'address', value: address },
        ...own.map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1) })),
      ];
    });

/** How each of the files in sip-config/phones is read. */
export const readers: Readonly<Record<string, Reader>> = {
  'baresip-accounts': accounts,
  'cisco-spa.xml': xml('elements'),
  'fanvil.xml': xml('elements'),
  'grandstream.xml': xml('elements'),
  linphonerc: sections,
  'mitel.cfg': lines(':', /^[a-z0-9 ]+$/),
  'obihai.txt': lines('=', /^[A-Za-z0-9 -]+ :: [A-Za-z_]+$/),
  'polycom.cfg': xml('attributes'),
  'snom.xml': xml('elements'),
  'unify.xml': xml('elements'),
  'yealink.cfg': lines('=', /^[a-z0-9_.]+$/),
};
