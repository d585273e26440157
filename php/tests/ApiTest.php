<?php

declare(strict_types=1);

namespace Ybb\Export\Tests;

use PHPUnit\Framework\AssertionFailedError;

/**
 * The document about the endpoints; every response of every test is held against it, too.
 */
final class ApiTest extends HandlerTestCase
{
    public function testTheDocumentIsServedToEverybodyWithItsAddress(): void
    {
        $response = $this->send('GET', '/api/openapi.json', null, 'nobody');
        self::assertSame(200, $response->getStatusCode());
        self::assertSame([['url' => self::BASE]], self::in($response, 'servers'));
        self::assertSame('3.1.0', self::in($response, 'openapi'));
    }

    public function testEveryEndpointOfTheDocumentIsThere(): void
    {
        $asked = 0;
        $paths = Contract::document()->paths;
        self::assertInstanceOf(\stdClass::class, $paths);
        foreach (get_object_vars($paths) as $pattern => $operations) {
            self::assertInstanceOf(\stdClass::class, $operations);
            $path = strtr($pattern, ['{id}' => 'exp_00000000000000000000000000', '{batch}' => '1']);
            foreach (array_diff(array_keys(get_object_vars($operations)), ['parameters']) as $method) {
                $response = $this->send(strtoupper($method), $path, null, 'nobody');
                $expected = $pattern === '/api/openapi.json' ? 200 : 401;
                self::assertSame($expected, $response->getStatusCode(), "$method $pattern");
                $asked++;
            }
        }
        self::assertSame(17, $asked); // the specification's thirteen, the list, two for streams, and the document
    }

    public function testEveryReferenceOfTheDocumentLeadsSomewhereInIt(): void
    {
        $text = (string) $this->send('GET', '/api/openapi.json')->getBody();
        preg_match_all('/"\$ref":"([^"]*)"/', $text, $references);
        self::assertGreaterThan(100, count($references[1]));
        foreach (array_unique($references[1]) as $reference) {
            self::assertStringStartsWith('#/components/', $reference);
            $node = Contract::document();
            foreach (array_slice(explode('/', $reference), 1) as $step) {
                self::assertInstanceOf(\stdClass::class, $node);
                self::assertTrue(isset($node->$step), $reference);
                $node = $node->$step;
            }
        }
    }

    public function testAResponseThatIsNotInTheDocumentIsFound(): void
    {
        $id = $this->queued();
        $request = $this->request('GET', "/api/export/$id/status");
        $good = $this->send('GET', "/api/export/$id/status");
        foreach ([
            [$request, "/api/export/$id/status", $good->withStatus(418)],
            [$request, "/api/export/$id/status", $good->withStatus(404)],
            [$request, "/api/export/$id/status", $good->withoutHeader('Retry-After')],
            [$request, "/api/export/$id/status", $good->withHeader('Content-Type', 'text/html')],
            [$request, "/api/other", $good],
            [$request->withMethod('DELETE'), "/api/export/$id", $good],
        ] as $number => [$asked, $path, $response]) {
            try {
                Contract::hold($asked, $path, $response);
            } catch (AssertionFailedError) {
                continue;
            }
            self::fail("response $number was not found");
        }
    }
}
