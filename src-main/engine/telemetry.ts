/**
 * ONNX Runtime sends telemetry on Windows unless this variable is set when its library loads. A worker thread's `process.env` is a copy that
 * native code does not see, so every host calls this first thing on its main thread, before it starts a worker.
 */
export function disableTelemetry(): void {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
}
