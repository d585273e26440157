<?php

declare(strict_types=1);

namespace Ybb\Export\Http;

use Psr\Http\Message\ResponseInterface;
use Ybb\Export\Answer;

/**
 * One of an export's files, or why there is none.
 */
final readonly class PartResponder
{
    public function __construct(private Responder $responder, private FileResponder $files) {}

    /** @param null|int<1, max>|'zip' $part */
    public function respond(Call $call, int|string|null $part): ResponseInterface
    {
        $file = $call->exporter->download($call->id(), $part, $this->owner($call, $part));
        return $file instanceof Answer
            ? $this->responder->answer($file)
            : $this->files->respond($call->request, $file, $call->id() . '-' . ($part ?? 'file'));
    }

    /**
     * Whose export it is to be: whoever has a signed link need not be the owner.
     *
     * @param null|int<1, max>|'zip' $part
     */
    private function owner(Call $call, int|string|null $part): ?string
    {
        $signature = $call->signature();
        if ($signature === null) {
            return $call->owner();
        }
        $answer = $call->exporter->checkLink($call->id(), $part, $signature);
        return $answer->isError() ? throw Refused::with($answer) : null;
    }
}
