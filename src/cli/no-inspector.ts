/*
 * Imported before everything else. Node opens its inspector on SIGUSR1, through which anybody on this machine reads every
 * token; a listener takes the place of that. `node --inspect` still opens it, for whoever may start the process.
 */
if (process.env['NODE_ENV'] === 'production') process.on('SIGUSR1', () => {})
