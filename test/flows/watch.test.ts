import './watch-pace.js';
import './watch-answers.js';
import './watch-ends.js';
import './watch-rights.js';
import './watch-presence.js';
import './watch-many.js';
import './watch-random.js';
