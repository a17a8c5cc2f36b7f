/** ONNX Runtime's own operations on blocked values. */
export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';
/** Its other ones. */
export const RUNTIME_DOMAIN = 'com.microsoft';
