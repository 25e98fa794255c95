/*
 * Loaded into a process that a test starts (`node --import`): it ends with the process that started it, however that
 * ends. So a test that fails, hangs or is killed leaves nothing running.
 */
const end = (): void => void process.kill(process.pid, 'SIGKILL')

process.on('disconnect', end)
process.channel?.unref()
// It may have ended before this one had begun.
if (!process.connected) end()
