import type { Channel } from './channel.js';

/** Tells the keys that are pressed on a channel's phone. */
export interface Keys {
  on(listener: (key: string) => void): () => void;
  /**
   * Has keys told also while the channel listens to another: the server then keeps them to itself. Everything that is
   * pressed is told, and goes nowhere else, until `unbind`.
   */
  bind(): void;
  unbind(): void;
}

/** A name for the set of bound keys, and what is run for each: it does nothing but to be told of, with the key. */
const realm = 'callpickup';
const told = { application: 'log', argument: 'DEBUG callpickup key' };
const binding = `${realm},~^[0-9A-D*#]$,exec[i]:${told.application},${told.argument}`;

/** The keys of a channel. */
export const keysOf = (channel: Channel): Keys => {
  const listeners = new Set<(key: string) => void>();
  const tell = (key: string): void => {
    if (!/^[0-9A-D*#]$/.test(key)) return;
    for (const listener of listeners) listener(key);
  };
  channel.onKey(tell);
  channel.onExecuting((event) => {
    if (event.getHeader('Application') !== told.application) return;
    if (event.getHeader('Application-Data') === told.argument)
      tell(event.getHeader('variable_last_matching_digits') ?? '');
  });
  return {
    on: (listener) => {
      const own = (key: string) => listener(key);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    bind: () => {
      void channel.execute('bind_digit_action', binding);
      void channel.execute('digit_action_set_realm', realm);
    },
    unbind: () => void channel.execute('clear_digit_action', 'all'),
  };
};
