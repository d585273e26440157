<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Http;

use CodeIgniter\HTTP\DownloadResponse;
use CodeIgniter\HTTP\Header;
use CodeIgniter\HTTP\Response;
use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Http\Emitter;
use Ybb\Export\Http\ReadOnlyBody;

/**
 * A response of the handler on its way through CodeIgniter: of all its responses, downloads alone are sent
 * piece by piece and left as they are by caches, the debugger's toolbar and whatever gathers output.
 */
final class PsrResponse extends DownloadResponse
{
    public function __construct(private readonly ResponseInterface $psr)
    {
        parent::__construct('', false);
        foreach (array_keys($this->headers()) as $name) {
            $this->removeHeader((string) $name);
        }
        $this->setProtocolVersion($psr->getProtocolVersion());
        // setStatusCode() refuses: its other downloads are 200 always
        $this->statusCode = $psr->getStatusCode();
        $this->reason = $psr->getReasonPhrase();
        foreach ($psr->getHeaders() as $name => $values) {
            $this->setHeader((string) $name, implode(', ', $values));
        }
        if (!$psr->getBody() instanceof ReadOnlyBody) {
            $this->body = (string) $psr->getBody(); // for whoever looks at it on the way
            $psr->getBody()->rewind();
        }
    }

    public function getContentLength(): int
    {
        return (int) $this->psr->getHeaderLine('Content-Length');
    }

    /** They are there from the beginning. */
    public function buildHeaders(): void {}

    public function send(): static
    {
        while (ENVIRONMENT !== 'testing' && ob_get_level() > 0) {
            ob_end_clean();
        }
        $response = service('response');
        if ($response instanceof Response) {
            // the session's, and that of CodeIgniter's own token
            $this->cookieStore = $response->getCookieStore();
        }
        $this->sendCookies();
        $this->sendBody();
        return $this;
    }

    public function sendBody(): static
    {
        $psr = $this->psr;
        foreach ($this->headers() as $name => $header) {
            $values = array_map(static fn(Header $one): string => $one->getValueLine(), is_array($header) ? $header : [$header]);
            $psr = $psr->withHeader((string) $name, $values);
        }
        Emitter::emit($psr);
        return $this;
    }
}
