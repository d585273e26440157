<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Controllers;

use CodeIgniter\Controller;
use CodeIgniter\HTTP\IncomingRequest;
use CodeIgniter\HTTP\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Ybb\Export\Auth\CsrfGuard;
use Ybb\Export\Auth\TokenGuard;
use Ybb\Export\CodeIgniter\Config\Services;
use Ybb\Export\CodeIgniter\Http\PsrRequest;
use Ybb\Export\CodeIgniter\Http\PsrResponse;
use Ybb\Export\CodeIgniter\Security\FrameworkGuard;
use Ybb\Export\CodeIgniter\Setup;

/**
 * Hands requests on to the handler.
 */
final class Exports extends Controller
{
    public function handle(): ResponseInterface
    {
        // CodeIgniter takes the token out of the body, so that is read before the token is looked for
        $asked = $this->asked();
        return $this->answer($asked, FrameworkGuard::of($this->incoming()));
    }

    /** What everybody may read: it leaves no cookie. */
    public function read(): ResponseInterface
    {
        return $this->answer($this->asked(), new TokenGuard(''));
    }

    private function answer(ServerRequestInterface $asked, CsrfGuard $csrf): ResponseInterface
    {
        $response = Services::ybbexporthandler($csrf)->handle($asked);
        // a download would hold up every other request of its user, also one by a signed link
        if (session_status() === PHP_SESSION_ACTIVE) {
            session_write_close();
        }
        // CodeIgniter may have taken the token for used up, also where the request was refused
        $isUsed = !in_array($asked->getMethod(), ['GET', 'HEAD'], true) && $csrf->token() !== '';
        return new PsrResponse($isUsed ? $response->withHeader(TokenGuard::HEADER, $csrf->token()) : $response);
    }

    private function asked(): ServerRequestInterface
    {
        return PsrRequest::of($this->incoming(), Setup::factory());
    }

    private function incoming(): IncomingRequest
    {
        return $this->request instanceof IncomingRequest ? $this->request
            : throw new \LogicException('Exports are asked for over HTTP');
    }
}
