<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter;

use Psr\Http\Message\ServerRequestInterface;
use Psr\Log\LoggerInterface;
use Psr\Log\NullLogger;
use Ybb\Export\Answer;
use Ybb\Export\Auth\Authenticator;
use Ybb\Export\Auth\Identity;
use Ybb\Export\Auth\RedactingExporter;
use Ybb\Export\Auth\RequestGuard;
use Ybb\Export\ExporterInterface;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint\ShowQueue;
use Ybb\Export\Http\ListQuery;
use Ybb\Export\Http\Refused;

/**
 * The endpoints for the application's own controllers: the same methods, addresses and documents, in the
 * name of who is logged in, and without HTTP. Leaves the session open.
 */
final readonly class ExportService
{
    private const ID = 'exp_[a-z0-9]{26}';

    /** @param \Closure(): ServerRequestInterface $request that the user is known by */
    public function __construct(
        private ExporterInterface $exporter,
        private Authenticator $users,
        private \Closure $request,
        private LoggerInterface $logger = new NullLogger(),
    ) {}

    /**
     * What the endpoint would answer; what it would refuse is an answer, too.
     *
     * @param null|array<string, mixed> $data what would be the body
     * @return array<string, mixed>
     */
    public function call(?array $data, string $method = 'POST', string $path = '/api/export'): array
    {
        try {
            $request = ($this->request)();
            $user = $this->users->authenticate($request) ?? throw Refused::unauthenticated();
            [$path, $query] = explode('?', $path, 2) + [1 => ''];
            parse_str($query, $parameters);
            $exporter = RedactingExporter::for($user, $this->exporter, $this->logger);
            $call = new Call($request->withQueryParams($parameters), $exporter, $user, []);
            return $this->answer($call, $data ?? [], "$method $path")->document;
        } catch (Refused $refused) {
            return $refused->answer->document;
        }
    }

    /** The address of one of the package's pages, or of an endpoint. */
    public function page(string $path): string
    {
        return Setup::baseUrl() . $path;
    }

    /** @param array<string, mixed> $data */
    private function answer(Call $call, array $data, string $what): Answer
    {
        [$exporter, $user, $owner] = [$call->exporter, $call->user(), $call->owner()];
        $id = preg_match('#/(' . self::ID . ')(?:/|$)#D', $what, $found) === 1 ? $found[1] : '';
        return match (preg_replace('#/' . self::ID . '(?=/|$)#D', '/ID', $what)) {
            'GET /api/export' => self::list($call),
            'POST /api/export' => $exporter->start(RequestGuard::of($data, $user), $user->address),
            'POST /api/export/estimate' => $exporter->estimate(RequestGuard::of($data, $user)),
            'GET /api/export/ID/status' => $exporter->status($id, $owner),
            'GET /api/export/ID/chunks' => $exporter->chunks($id, $owner),
            'POST /api/export/ID/resume' => self::resume($exporter, $id, $user),
            'DELETE /api/export/ID' => $exporter->delete($id, $owner),
            'GET /api/templates' => $exporter->templates(),
            'POST /api/templates' => self::ofAdmin($user, $exporter)->saveTemplate($data),
            'GET /api/export/queue/status' => ShowQueue::asked($call),
            'GET /api/export/stats' => self::ofAdmin($user, $exporter)->statistics(),
            // files are sent by their URLs, to whoever follows them
            default => throw Refused::noSuchPage(),
        };
    }

    private static function list(Call $call): Answer
    {
        $query = ListQuery::of($call);
        return $call->exporter->list($query->owner, $query->most, $query->before);
    }

    private static function resume(ExporterInterface $exporter, string $id, Identity $user): Answer
    {
        RequestGuard::again($exporter->status($id, $user->sees()), $user);
        return $exporter->resume($id, $user->sees());
    }

    private static function ofAdmin(Identity $user, ExporterInterface $exporter): ExporterInterface
    {
        return $user->isAdmin() ? $exporter : throw Refused::forbidden('only administrators may do that');
    }
}
