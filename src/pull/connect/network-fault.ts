import { ConnectorFault, failForGood, failForNow } from "../fetch-error.ts";

/** What a code of the operating system or of a client means, as an end of a sentence. */
const PASSING: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  ECONNREFUSED: ["连接被拒绝", "the connection was refused"],
  ECONNRESET: ["连接中断", "the connection broke off"],
  EPIPE: ["连接中断", "the connection broke off"],
  ECONNABORTED: ["连接中断", "the connection broke off"],
  EHOSTUNREACH: ["主机不可达", "the host cannot be reached"],
  ENETUNREACH: ["网络不可达", "the network cannot be reached"],
  ETIMEDOUT: ["超时未答复", "there was no answer in time"],
  EAI_AGAIN: ["域名服务无应答", "the name service does not answer"],
  ENOTFOUND: ["找不到主机", "the host cannot be found"],
  UND_ERR_CONNECT_TIMEOUT: ["超时未能连接", "it could not be connected to in time"],
  UND_ERR_HEADERS_TIMEOUT: ["超时未答复", "there was no answer in time"],
  UND_ERR_BODY_TIMEOUT: ["答复中途停顿超时", "its answer stopped half-way"],
  UND_ERR_SOCKET: ["答复未完连接即中断", "the connection broke off before the answer was complete"],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: [
    "答复长度与声明不符",
    "the answer is not as long as it says",
  ],
  PROTOCOL_CONNECTION_LOST: ["连接中断", "the connection broke off"],
};

const CERTIFICATE =
  /^(HANDSHAKE_SSL_ERROR|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS_CERT|ERR_SSL|EPROTO)/;

/**
 * Turns an error of the network into a fault with a sentence: what may pass, and what will not, as a certificate.
 * @throws ConnectorFault, or the error itself when it has nothing to do with the network
 */
export function explainNetworkError(address: string, error: unknown): never {
  const chain = causes(error);
  const fault = chain.find((one) => one instanceof ConnectorFault);
  if (fault) throw fault;
  for (const one of chain) {
    const { code = "", name = "" } = one as { code?: string; name?: string };
    if (CERTIFICATE.test(code)) {
      failForGood(
        address,
        `${address} 的证书不可信（${code}）。请核对服务器证书，或在 connector.ca 指明其签发机构。`,
        `The certificate of ${address} cannot be trusted (${code}). Check the server's certificate, or name its authority in connector.ca.`,
      );
    }
    const timedOut = name === "TimeoutError" || name === "AbortError";
    const meaning = PASSING[timedOut ? "ETIMEDOUT" : code] ?? parserFault(code);
    if (meaning) {
      failForNow(
        address,
        `${address}：${meaning[0]}。稍后再试；若反复如此，请与提供方核实。`,
        `${address}: ${meaning[1]}. It is tried again later; if it stays so, ask those who run it.`,
      );
    }
  }
  throw error;
}

function parserFault(code: string) {
  return code.startsWith("HPE_")
    ? (["答复不是有效的 HTTP 报文", "the answer is not proper HTTP"] as const)
    : undefined;
}

function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let one = error; one && chain.length < 8; one = (one as { cause?: unknown }).cause) {
    chain.push(one);
    if (one instanceof AggregateError) chain.push(...one.errors);
  }
  return chain;
}
