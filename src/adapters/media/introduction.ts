import type Mrf from 'drachtio-fsmrf';
import { guardSocket } from './guard-socket.js';

/** How long whoever connects may take to say which channel it is, in milliseconds. */
const patience = 5_000;

/** Whoever connects to us must be the event socket of a channel that we asked for, and say so soon. */
export const receiveChannels = (server: Mrf.MediaServer): void => {
  const listening = server._server;
  if (!listening) return;
  listening.server.on('error', () => undefined);
  const leaving = new Map<Mrf.EslConnection, NodeJS.Timeout>();
  const introduced = (connection: Mrf.EslConnection): void => {
    clearTimeout(leaving.get(connection));
    leaving.delete(connection);
  };
  listening.on('connection::open', (connection) => {
    if (connection.socket) guardSocket(connection.socket);
    leaving.set(
      connection,
      setTimeout(() => connection.socket?.destroy(), patience),
    );
    connection.once('esl::end', () => introduced(connection));
  });
  // fsmrf's own writes to the console what a stranger says.
  listening.removeAllListeners('connection::ready');
  listening.on('connection::ready', (connection, id) => {
    introduced(connection);
    const userAgent = connection.getInfo()?.getHeader('variable_sip_user_agent') ?? '';
    if (server.pendingConnections.has(userAgent.replace(/^drachtio-fsmrf:/, ''))) server._onNewCall(connection, id);
    else turnAway(connection);
  });
};

/** A channel that nobody waits for any more, or a stranger. */
const turnAway = (connection: Mrf.EslConnection): void => {
  connection.execute('hangup', 'NORMAL_CLEARING', () => undefined);
  connection.socket?.end();
};
