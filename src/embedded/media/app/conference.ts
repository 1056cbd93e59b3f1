import type { App } from '../channel/app.js';
import { enter, roomFor } from '../conference/enter.js';
import { readWish } from '../conference/wish.js';

/** `conference name[@profile][+pin][+flags{…}]`: talks in a conference until it is over; not let in, it is over at once. */
export const conference: App = (stage) => {
  const wish = readWish(stage.order.data);
  const room = wish && roomFor(stage.server, wish);
  if (room) enter(stage, room, wish);
  else stage.finish();
};
