<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Filters;

use CodeIgniter\Filters\FilterInterface;
use CodeIgniter\HTTP\IncomingRequest;
use CodeIgniter\HTTP\RequestInterface;
use CodeIgniter\HTTP\ResponseInterface;
use Ybb\Export\Auth\Identity;
use Ybb\Export\CodeIgniter\Config\Services;
use Ybb\Export\CodeIgniter\Http\PsrRequest;
use Ybb\Export\CodeIgniter\Setup;
use Ybb\Export\Http\Refused;

/**
 * The filter "ybbexport", for routes of the application's own: lets through who may export; "ybbexport:admin"
 * administrators alone.
 */
final class ExportAccess implements FilterInterface
{
    private const WAY_BACK = 'beforeLoginUrl';
    private const WAY_BACK_SECONDS = 300;

    /** @param null|array<array-key, mixed> $arguments */
    public function before(RequestInterface $request, $arguments = null): ?ResponseInterface
    {
        $user = $request instanceof IncomingRequest
            ? Services::ybbexportusers()->authenticate(PsrRequest::of($request, Setup::factory())) : null;
        if ($user === null) {
            return $this->unknown($request);
        }
        return $this->isEnough($user, $arguments ?? [])
            ? null : $this->refuse(Refused::forbidden('only administrators may do that'));
    }

    /** @param null|array<array-key, mixed> $arguments */
    public function after(RequestInterface $request, ResponseInterface $response, $arguments = null): null
    {
        return null;
    }

    /** @param array<array-key, mixed> $arguments */
    private function isEnough(Identity $user, array $arguments): bool
    {
        return $user->isAdmin() || !in_array('admin', $arguments, true);
    }

    /** A person goes to log in, a program reads why. */
    private function unknown(RequestInterface $request): ResponseInterface
    {
        $login = Setup::config()->login;
        $isPage = $request instanceof IncomingRequest && str_contains($request->getHeaderLine('Accept'), 'text/html');
        if ($login === '' || !$isPage) {
            return $this->refuse(Refused::unauthenticated());
        }
        if ($request->is('get')) {
            // where Shield's login, too, looks for the way back
            session()->setTempdata(self::WAY_BACK, (string) $request->getUri(), self::WAY_BACK_SECONDS);
        }
        return redirect()->to(site_url($login));
    }

    private function refuse(Refused $refused): ResponseInterface
    {
        $response = service('response');
        assert($response instanceof ResponseInterface);
        foreach ($refused->headers as $name => $value) {
            $response->setHeader($name, $value);
        }
        return $response->setStatusCode($refused->status)->setJSON($refused->answer->toJson());
    }
}
