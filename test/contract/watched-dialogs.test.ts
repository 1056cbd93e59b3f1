import './watched-dialogs/following.js';
import './watched-dialogs/interleaving.js';
import './watched-dialogs/missing.js';
import './watched-dialogs/outage.js';
