<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

use Ybb\Export\Answer;

/**
 * What became of the e-mail about an export, where one was wanted.
 */
final readonly class MailState
{
    private const STATES = ['waiting', 'queued', 'sending', 'sent', 'failed', 'dropped'];

    public function __construct(private Texts $texts) {}

    /** @param Answer $status of the export */
    public function of(Answer $status): ?Html
    {
        $state = $status->text('notification', 'state');
        if (!in_array($state, self::STATES, true)) {
            return null;
        }
        $isTriedAgain = $state === 'queued' && $status->get('notification', 'last_error') !== null;
        return Html::of(
            'p',
            ['id' => 'mail', 'data-state' => $state],
            $this->texts->of("mail.$state", $this->time($status, 'sent_at')),
            $isTriedAgain || $state === 'failed' ? $this->why($status) : null,
            $isTriedAgain ? ' ' . $this->texts->of('mail.again', $this->time($status, 'next_attempt_at')) : null,
        );
    }

    private function why(Answer $status): Html
    {
        $of = static fn(string $name): string => $status->text('notification', 'last_error', $name);
        return (new Problem($this->texts))->told($of('error_code'), $of('message'), ' ');
    }

    /** @return array{time: string} */
    private function time(Answer $status, string $name): array
    {
        return ['time' => $this->texts->moment($status->text('notification', $name))];
    }
}
