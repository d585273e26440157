<?php

declare(strict_types=1);

namespace Ybb\Export\Pages\Endpoint;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Answer;
use Ybb\Export\Auth\Identity;
use Ybb\Export\Auth\RequestGuard;
use Ybb\Export\Http\Call;
use Ybb\Export\Http\Endpoint;
use Ybb\Export\Http\Refused;
use Ybb\Export\Pages\PageResponder;
use Ybb\Export\Pages\Recovery;

/**
 * POST /exports/{id}/retry: a new export in place of one that failed, changed as a button of its page says.
 */
final readonly class RetryForm implements Endpoint
{
    public function __construct(private PageResponder $pages) {}

    public function answer(Call $call): ResponseInterface
    {
        $status = $call->exporter->status($call->id(), $call->owner());
        if ($status->isRefusal()) {
            throw Refused::with($status);
        }
        $body = $call->request->getParsedBody();
        $how = Recovery::tryFrom(is_array($body) && is_string($body['how'] ?? null) ? $body['how'] : '');
        $request = $how?->request($status);
        if ($request === null) {
            throw Refused::with(Answer::refusal('NOT_RESUMABLE', 'that does not help this export'));
        }
        $request = self::toldTo($call->user(), RequestGuard::of($request, $call->user()));
        $answer = $call->exporter->start($request, $call->user()->address);
        return $answer->exportId() === ''
            ? throw Refused::with($answer)
            : $this->pages->seeOther('/exports/' . $answer->exportId());
    }

    /**
     * An administrator takes up exports of others, to whose addresses he may not have mail sent: he has it
     * himself, or nobody.
     *
     * @param array<string, mixed> $request
     * @return array<string, mixed>
     */
    private static function toldTo(Identity $user, array $request): array
    {
        foreach ($user->isAdmin() ? ['delivery_options', 'large_dataset_options'] : [] as $part) {
            if (is_array($request[$part] ?? null) && isset($request[$part]['email_address'])) {
                $request[$part]['email_address'] = $user->address;
                $request[$part]['email_notification'] = $user->address !== null && ($request[$part]['email_notification'] ?? false);
            }
        }
        return $request;
    }
}
