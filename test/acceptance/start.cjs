// In a process of its own, since the clock is replaced and everything that is random.
require('../simulation/start.cjs');
require('./main.mts');
